// The way from screen to screen: which one this is, and how many incidents are live.

import { href, lotHref } from "./names.js";

// The search asks the screen it stands on, and an item is kept from the trace to its lot screen and back.
export function showHere(path, item) {
  const links = [...document.querySelectorAll("#screens a")];
  for (const link of links) if (link.getAttribute("href") === path) link.setAttribute("aria-current", "page");
  const field = document.getElementById("item");
  if (item && ["/", "/lot"].includes(path)) field.value = item;
  if (path === "/lot") {
    document.getElementById("search").action = path;
    document.querySelector("#search button").textContent = "Show lot";
  }
  if (item) [links[0].href, links[1].href] = [href(item), lotHref(item)];
}

export function showLive(count) {
  const place = document.getElementById("live");
  place.hidden = !count;
  place.textContent = count ? String(count) : "";
  place.setAttribute("aria-label", `${count ?? 0} live`);
}

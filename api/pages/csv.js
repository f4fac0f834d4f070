// Rows as a CSV file (RFC 4180, UTF-8 with the mark that spreadsheets look for). What a spreadsheet would take for a formula
// is made text: nothing recorded in an event may run on the desk of its reader.

const FORMULA = /^[=+\-@\t\r]/;

const cell = (value) => `"${String(value).replace(FORMULA, "'$&").replaceAll('"', '""')}"`;

export const csv = (columns, rows) =>
  new Blob(["\ufeff", [columns, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("")], { type: "text/csv;charset=utf-8" });

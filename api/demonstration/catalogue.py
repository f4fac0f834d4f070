"""Who and what the demonstration is about: nine organisations, their places, products and devices, all invented."""

from __future__ import annotations

from api.demonstration.gs1_keys import asset, party, place, product
from api.demonstration.model import DemoOrganisation

_names: dict[str, str] = {}


def _organisation(prefix: str, name: str, policy: str = "sealed") -> DemoOrganisation:
    organisation = DemoOrganisation(_called(party(prefix), name), f"{name} (synthetic)", (prefix,), policy)
    return organisation


def _called(uri: str, name: str) -> str:
    _names[uri] = f"{name} (synthetic)"
    return uri


VERDE = _organisation("9521001", "Valle Verde Growers")
GABILAN = _organisation("9521002", "Gabilan Ridge Farms")
COASTAL = _organisation("9521003", "Coastal Leaf Packing", "open")
LONGHAUL = _organisation("9521004", "Longhaul Cold Freight")
PRAIRIE = _organisation("9521005", "Prairie Market", "open")
NORDKUGEL = _organisation("9521006", "Nordkugel Bearings")
ISAR = _organisation("9521007", "Isar Foundry")
HALDEN = _organisation("9521008", "Halden Pumps", "open")
BRIGHTWATER = _organisation("9521009", "Brightwater Utilities")

ORGANISATIONS = (VERDE, GABILAN, COASTAL, LONGHAUL, PRAIRIE, NORDKUGEL, ISAR, HALDEN, BRIGHTWATER)

# --- salad -----------------------------------------------------------------------------------------------------------
VERDE_RANCH_A7 = _called(place("9521001", 1, "A7"), "Valle Verde, ranch 1, block A7")
VERDE_RANCH_B2 = _called(place("9521001", 1, "B2"), "Valle Verde, ranch 1, block B2")
VERDE_RANCH_C1 = _called(place("9521001", 2, "C1"), "Valle Verde, ranch 2, block C1")
VERDE_COOLER = _called(place("9521001", 9), "Valle Verde vacuum cooler, Soledad CA")
GABILAN_BLOCK_11 = _called(place("9521002", 1, "11"), "Gabilan Ridge, block 11")
GABILAN_BLOCK_12 = _called(place("9521002", 1, "12"), "Gabilan Ridge, block 12")
GABILAN_COOLER = _called(place("9521002", 9), "Gabilan Ridge cooler, Hollister CA")
COASTAL_DOCK = _called(place("9521003", 1), "Coastal Leaf receiving dock, Salinas CA")
COASTAL_STORE = _called(place("9521003", 2), "Coastal Leaf cold store, Salinas CA")
COASTAL_WASH = _called(place("9521003", 3), "Coastal Leaf wash line")
COASTAL_MIX = _called(place("9521003", 4), "Coastal Leaf mixing and packing room")
TUCUMCARI = _called(place("9521004", 7), "Longhaul relay yard, Tucumcari NM")
PRAIRIE_DC = _called(place("9521005", 1), "Prairie Market chilled distribution centre, Dallas TX")
PRAIRIE_HOLD = _called(place("9521005", 1, "HOLD"), "Prairie Market distribution centre, hold area")
PLANO = _called(place("9521005", 114), "Prairie Market store 114, Plano TX, chilled aisle")
WACO = _called(place("9521005", 131), "Prairie Market store 131, Waco TX, chilled aisle")

ROMAINE = _called(product("9521001", 101), "Romaine, field packed")
RED_LEAF = _called(product("9521001", 102), "Red leaf lettuce, field packed")
SPINACH = _called(product("9521002", 201), "Baby spinach, field packed")
ARUGULA = _called(product("9521002", 202), "Arugula, field packed")
WASHED_ROMAINE = _called(product("9521003", 301), "Romaine, washed and cut")
WASHED_RED_LEAF = _called(product("9521003", 302), "Red leaf, washed and cut")
WASHED_SPINACH = _called(product("9521003", 303), "Baby spinach, washed")
WASHED_ARUGULA = _called(product("9521003", 304), "Arugula, washed")
CLAMSHELL = _called(product("9521003", 350), "Spring mix, 500 g clamshell")
CASE = _called(product("9521003", 350, indicator=1), "Spring mix, case of 8")

WASH_LINE = _called(asset("9521003", "WASH1"), "Coastal Leaf wash line 1")
MIXING_LINE = _called(asset("9521003", "MIX1"), "Coastal Leaf mixing line 1")
AGROLAB = _called(party("9521010"), "Agrolab Salinas")

TRAILER_21 = _called(asset("9521004", "TR21"), "Reefer trailer 21")
TRAILER_22 = _called(asset("9521004", "TR22"), "Reefer trailer 22")

# --- pumps -----------------------------------------------------------------------------------------------------------
NORDKUGEL_WORKS = _called(place("9521006", 1), "Nordkugel bearing works, Gothenburg")
ISAR_FOUNDRY = _called(place("9521007", 1), "Isar Foundry, Landshut, casting bay")
HALDEN_GOODS_IN = _called(place("9521008", 1), "Halden Pumps goods-in, Linz")
HALDEN_MACHINING = _called(place("9521008", 2), "Halden Pumps machining cell 2")
HALDEN_ASSEMBLY = _called(place("9521008", 3), "Halden Pumps assembly line")
HALDEN_TEST = _called(place("9521008", 4), "Halden Pumps test bench")
HALDEN_HOLD = _called(place("9521008", 4, "HOLD"), "Halden Pumps quarantine")
HALDEN_DISPATCH = _called(place("9521008", 5), "Halden Pumps dispatch")
BRIGHTWATER_DEPOT = _called(place("9521009", 1), "Brightwater depot, Graz")

SPINDLE = _called(asset("9521008", "SPINDLE2"), "Halden machining spindle 2")
BENCH = _called(asset("9521008", "BENCH1"), "Halden test bench 1")
METALAB = _called(party("9521011"), "Metalab Linz")

BEARING = _called(product("9521006", 601), "Deep groove ball bearing 6305")
CASTING = _called(product("9521007", 701), "Pump housing casting GJL-250")
HOUSING = _called(product("9521008", 801), "Pump housing HP-40, machined")
PUMP = _called(product("9521008", 840), "Centrifugal pump HP-40")

STATIONS = tuple(
    _called(asset("9521009", f"PS{number:02d}"), f"Brightwater pumping station {number}") for number in range(1, 7)
)
STATION_PLACES = tuple(
    _called(place("9521009", 10 + number), f"Brightwater pumping station {number}, pump hall") for number in range(1, 7)
)

#: what places, products, assets and parties are called
NAMES = dict(_names)

"""One true example of every kind of quality data, as CSV, and what its endpoint says of itself."""

from __future__ import annotations

from typing import Final

EXAMPLES: Final[dict[str, str]] = {
    "readings": """\
time,sensor,place,quantity_kind,value,unit
2026-06-01T06:00:00Z,urn:epc:id:giai:9521000.T17,https://id.gs1.org/414/9521000000018,Temperature,3.4,CEL
""",
    "inspections": """\
time,item,characteristic,value,unit,passed,inspector
2026-06-01T06:30:00Z,(01)09521000010017(10)H26-114,firmness,6.8,KGM,yes,line 2
""",
    "results": """\
time,item,sample,laboratory,analyte,value,unit,uncertainty
2026-06-01T06:30:00Z,(01)09521000010017(10)H26-114,S-1,AgroLab,chlorpyrifos,<0.01,NA,50%
""",
    "specifications": """\
item,characteristic,market,high,unit,valid_from,source
(01)09521000010017,chlorpyrifos,EU,0.01,NA,2020-11-13T00:00:00Z,Regulation (EU) 2020/1085
""",
    "limits": """\
item,quantity_kind,low,high,unit
(01)09521000010017,Temperature,0,5,CEL
""",
    "equipment": """\
equipment,kind,name,place,ideal_rate,calibration_due
press 3,press,the old press,https://id.gs1.org/414/9521000000018,60,2027-01-01T00:00:00Z
""",
    "runs": """\
run,equipment,item,start,end,planned,downtime,total,good
R-7,press 3,(01)09521000010017(10)H26-114,2026-06-01T06:00:00Z,2026-06-01T14:00:00Z,25200,2820,19271,18848
""",
    "activities": """\
start,end,subject,activity,amount,unit
2026-06-01T06:00:00Z,2026-06-01T14:00:00Z,R-7,electricity,310,KWH
""",
    "factors": """\
activity,indicator,factor,unit,per,source,valid_from
electricity,carbon,0.25,KWH,kgCO2e,our supplier's statement,2026-01-01T00:00:00Z
""",
}

_FIRST = "All rows or none. What was measured stays: a row that contradicts an earlier import is left out and counted."
_VALID = (
    "All rows or none. One that is in force may be given an end and be followed by another; a changed value with the "
    "same start is refused (409), unless its row says `replaces`."
)

DESCRIPTIONS: Final[dict[str, str]] = {
    "readings": _FIRST,
    "inspections": f"{_FIRST} Variables, attributes and counts.",
    "results": f"{_FIRST} Below the limit of quantification a value is written `<0.01`, or `<LOQ`.",
    "specifications": _VALID,
    "limits": "All rows or none; a limit replaces the one before. Binding for an item is its own limit, else its "
    "lot's, its GTIN's, or everything's.",
    "equipment": "All rows or none; what is said of equipment replaces what was said before.",
    "runs": _FIRST,
    "activities": _FIRST,
    "factors": _VALID,
}

"""Quantity kinds: the GS1 measurement types of CBV 2.0, each with the unit in which this package computes.

A kind outside the list is welcome as a URI (or a prefixed name); it is computed in the unit that it came in.
"""

from __future__ import annotations

import difflib
import re

#: GS1 measurement type → unit in which its values are compared; '' where this package has none
KINDS: dict[str, str] = {
    "AbsoluteHumidity": "A93", "AbsorbedDose": "A95", "AbsorbedDoseRate": "", "Acceleration": "MSK",
    "Radioactivity": "BQL", "Altitude": "MTR", "AmountOfSubstance": "C34", "AmountOfSubstancePerUnitVolume": "C36",
    "Angle": "DD", "AngularAcceleration": "", "AngularMomentum": "", "AngularVelocity": "RPM", "Area": "MTK",
    "Capacitance": "FAR", "Conductance": "SIE", "Conductivity": "", "Count": "C62", "Density": "KMQ",
    "Dimensionless": "C62", "DoseEquivalent": "D13", "DoseEquivalentRate": "P71", "DynamicViscosity": "",
    "ElectricCharge": "COU", "ElectricCurrent": "AMP", "ElectricCurrentDensity": "", "ElectricFieldStrength": "",
    "Energy": "JOU", "Exposure": "", "Force": "NEW", "Frequency": "HTZ", "Illuminance": "LUX", "Inductance": "",
    "Irradiance": "D54", "KinematicViscosity": "", "Length": "MTR", "LinearMomentum": "", "Luminance": "",
    "LuminousFlux": "LUM", "LuminousIntensity": "CDL", "MagneticFlux": "", "MagneticFluxDensity": "",
    "MagneticVectorPotential": "", "Mass": "KGM", "MassConcentration": "A93", "MassFlowRate": "KGS",
    "MassPerAreaTime": "", "MemoryCapacity": "", "MolalityOfSolute": "", "MolarEnergy": "", "MolarMass": "",
    "MolarVolume": "", "Power": "WTT", "Pressure": "PAL", "RadiantFlux": "WTT", "RadiantIntensity": "",
    "RelativeHumidity": "P1", "Resistance": "OHM", "Resistivity": "", "SolidAngle": "", "SpecificVolume": "",
    "Speed": "MTS", "SurfaceDensity": "", "SurfaceTension": "", "Temperature": "CEL", "Time": "SEC", "Torque": "NU",
    "Voltage": "VLT", "Volume": "MTQ", "VolumeFlowRate": "MQH", "VolumeFraction": "P1", "VolumetricFlux": "",
    "Wavenumber": "",
}  # fmt: skip

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")


def is_kind(text: str) -> bool:
    """Whether `text` is a GS1 measurement type, a URI, or a prefixed name."""
    return text in KINDS or bool(_URI.fullmatch(text))


def kind_advice(text: str) -> str:
    """What to write instead of an unknown kind."""
    lowered = {kind.lower(): kind for kind in KINDS}
    near = difflib.get_close_matches(text.lower().replace(" ", ""), lowered, n=3, cutoff=0.6)
    if near:
        return f"Did you mean {', '.join(lowered[name] for name in near)}?"
    return "Use a GS1 measurement type such as Temperature, RelativeHumidity or Mass, or a URI of your own."

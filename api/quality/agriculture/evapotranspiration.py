"""Reference evapotranspiration ET₀ of a day in mm, as in FAO Irrigation and Drainage Paper 56 (Allen et al. 1998).

Penman-Monteith (eq. 6) with the paper's own equations for what it needs; Hargreaves (eq. 52) where only temperatures
were measured. All functions take arrays. Days are treated as in the paper: soil heat flux is 0 unless given. Not here:
hourly steps, snow, and the paper's substitutes for missing wind and humidity.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike

_SOLAR = 0.0820  # MJ m⁻² min⁻¹
_STEFAN_BOLTZMANN = 4.903e-9  # MJ K⁻⁴ m⁻² day⁻¹
_ALBEDO = 0.23
_MM_PER_MJ = 0.408


def saturation_pressure(celsius: Numbers) -> Floats:
    """Saturation vapour pressure in kPa (eq. 11)."""
    air = _array(celsius)
    return np.asarray(0.6108 * np.exp(17.27 * air / (air + 237.3)))


def vapour_pressure_of_humidity(low: Numbers, high: Numbers, humidity_low: Numbers, humidity_high: Numbers) -> Floats:
    """Actual vapour pressure in kPa from the day's extremes of temperature (°C) and relative humidity (%) (eq. 17)."""
    at_low = saturation_pressure(low) * _array(humidity_high)
    return (at_low + saturation_pressure(high) * _array(humidity_low)) / 200


def wind_at_two_metres(speed: Numbers, height: Numbers) -> Floats:
    """Wind in m/s at 2 m from that measured at another height in m (eq. 47)."""
    found: Floats = _array(speed) * 4.87 / np.log(67.8 * _array(height) - 5.42)
    return found


def extraterrestrial_radiation(day_of_year: Numbers, latitude: Numbers) -> Floats:
    """Ra in MJ m⁻² day⁻¹ (eq. 21); latitude in degrees, north positive."""
    day = 2 * np.pi * _array(day_of_year) / 365
    phi, declination = np.radians(_array(latitude)), _declination(day)
    sunset = _sunset(phi, declination)
    distance = 1 + 0.033 * np.cos(day)
    height = sunset * np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.sin(sunset)
    return _array(24 * 60 / np.pi * _SOLAR * distance * height)


def daylight_hours(day_of_year: Numbers, latitude: Numbers) -> Floats:
    """The longest possible sunshine, in hours (eq. 34)."""
    day = 2 * np.pi * _array(day_of_year) / 365
    return 24 / np.pi * _sunset(np.radians(_array(latitude)), _declination(day))


def solar_radiation(sunshine_hours: Numbers, day_of_year: Numbers, latitude: Numbers) -> Floats:
    """Rs in MJ m⁻² day⁻¹ from sunshine, with the paper's a = 0.25 and b = 0.50 (eq. 35)."""
    # without daylight there is no sunshine to have a share of, and no radiation to take it of
    share = _share(sunshine_hours, daylight_hours(day_of_year, latitude), 0.0)
    return (0.25 + 0.50 * share) * extraterrestrial_radiation(day_of_year, latitude)


def net_radiation(
    low: Numbers, high: Numbers, vapour: Numbers, solar: Numbers, extraterrestrial: Numbers, altitude: Numbers
) -> Floats:
    """Rn in MJ m⁻² day⁻¹ (eqs. 37 to 40); temperatures in °C, vapour pressure in kPa, altitude in m."""
    clear = (0.75 + 2e-5 * _array(altitude)) * _array(extraterrestrial)
    # where there is no daylight the sky counts as clear
    cloud = 1.35 * np.minimum(_share(solar, clear, 1.0), 1) - 0.35
    fourth = ((_array(low) + 273.16) ** 4 + (_array(high) + 273.16) ** 4) / 2
    longwave = _STEFAN_BOLTZMANN * fourth * (0.34 - 0.14 * np.sqrt(_array(vapour))) * cloud
    return (1 - _ALBEDO) * _array(solar) - longwave


def penman_monteith(
    low: Numbers,
    high: Numbers,
    vapour: Numbers,
    wind: Numbers,
    net: Numbers,
    altitude: Numbers,
    *,
    soil_heat: Numbers = 0.0,
) -> Floats:
    """ET₀ in mm/day (eq. 6); wind in m/s at 2 m, net radiation and soil heat flux in MJ m⁻² day⁻¹."""
    air = (_array(low) + _array(high)) / 2
    saturated = (saturation_pressure(low) + saturation_pressure(high)) / 2
    slope = 4098 * saturation_pressure(air) / (air + 237.3) ** 2
    pressure = 101.3 * ((293 - 0.0065 * _array(altitude)) / 293) ** 5.26
    psychrometric = 0.665e-3 * pressure
    energy = _MM_PER_MJ * slope * (_array(net) - _array(soil_heat))
    drying = psychrometric * 900 / (air + 273) * _array(wind) * (saturated - _array(vapour))
    return (energy + drying) / (slope + psychrometric * (1 + 0.34 * _array(wind)))


def hargreaves(low: Numbers, high: Numbers, extraterrestrial: Numbers) -> Floats:
    """ET₀ in mm/day from temperatures alone (eq. 52)."""
    air = (_array(low) + _array(high)) / 2
    span = np.sqrt(np.maximum(_array(high) - _array(low), 0))
    return 0.0023 * (air + 17.8) * span * _MM_PER_MJ * _array(extraterrestrial)


def _declination(day: Floats) -> Floats:
    return 0.409 * np.sin(day - 1.39)


def _sunset(latitude: Floats, declination: Floats) -> Floats:
    """The sunset hour angle; π in the polar summer, 0 in its winter."""
    return np.asarray(np.arccos(np.clip(-np.tan(latitude) * np.tan(declination), -1, 1)))


def _share(part: Numbers, whole: Floats, of_nothing: float) -> Floats:
    """The part of the whole; where that is nothing, `of_nothing`. What was not measured stays unknown."""
    known = whole > 0
    share = _array(part) / np.where(known, whole, 1.0)
    return np.where(known | np.isnan(share), share, of_nothing)


def _array(values: Numbers) -> Floats:
    return np.asarray(values, dtype=np.float64)

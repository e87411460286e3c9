-- Hourly observations. One anemometer once reported more than 1,000 mph: no wind is better than that wind.
select
  origin as airport,
  time_hour as observed_at,
  temp as fahrenheit,
  iif(wind_speed < 150, wind_speed, null) as wind_mph,
  precip as rain_inches,
  visib as sight_miles
from {{ source('weather_log') }}

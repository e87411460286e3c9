select distinct
  carrier_id,
  nullif(trim(name), '') as carrier_name,
  country,
  founded,
  fleet_size,
  nullif(rating, '') as rating,
  valid_from,
  _loaded_at as loaded_at
from {{ source('raw_carriers') }}

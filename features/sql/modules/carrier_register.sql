select carrier_id, carrier_name, fleet_size, rating, valid_from, loaded_at
from {{ ref('stg_carriers') }}

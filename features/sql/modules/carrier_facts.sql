-- What cannot change about a carrier: where it is registered, and since when it has been in business. Its name can, so it is not here.
select carrier_id, min(country) as country, min(founded) as founded
from {{ ref('stg_carriers') }}
group by carrier_id

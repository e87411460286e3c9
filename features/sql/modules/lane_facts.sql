select l.origin, l.destination, l.km, a.country <> b.country as crosses_a_border
from {{ source('raw_lanes') }} l
join {{ source('raw_hubs') }} a on a.hub = l.origin
join {{ source('raw_hubs') }} b on b.hub = l.destination

-- All times are seconds since 1970. Who is not told that they won has lost, once it is decided.
select distinct
  quote_id,
  shipment_id,
  carrier_id,
  price_eur,
  quoted_at,
  coalesce(lower(outcome) = 'won', false) as is_won,
  decided_at,
  _loaded_at as loaded_at
from {{ source('raw_quotes') }}
{{ config(materialized='table') }}

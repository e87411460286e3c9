select distinct
  invoice_id,
  shipment_id,
  carrier_id,
  billed_on,
  amount_eur,
  settled_eur,
  settled_on,
  _loaded_at as loaded_at,
  _deleted as is_deleted
from {{ source('raw_invoices') }}
{{ config(materialized='table') }}

select invoice_id, shipment_id, carrier_id, billed_on, amount_eur, settled_eur, settled_on, loaded_at, is_deleted
from {{ ref('stg_invoices') }}
{{ config(materialized='table') }}

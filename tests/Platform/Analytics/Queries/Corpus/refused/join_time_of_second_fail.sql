-- dataset: shop
-- code: field_not_allowed
-- fragment: b.time
SELECT count(*) FROM shop a JOIN visits b USING ("user") WHERE b.time >= DATE '2024-03-01'

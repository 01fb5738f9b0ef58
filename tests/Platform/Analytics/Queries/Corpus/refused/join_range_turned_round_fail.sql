-- dataset: shop
-- code: field_not_allowed
SELECT count(*) FROM shop a RIGHT JOIN visits b USING ("user") WHERE a.time >= DATE '2024-03-01'

-- dataset: shop
-- code: field_not_allowed
SELECT time::timestamp, count(*) FROM shop GROUP BY 1

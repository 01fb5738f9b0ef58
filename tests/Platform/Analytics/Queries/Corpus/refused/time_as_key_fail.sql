-- dataset: shop
-- code: field_not_allowed
SELECT time, count(*) FROM shop GROUP BY time

-- dataset: shop
-- code: invalid_period
SELECT extract(dow FROM time), count(*) FROM shop GROUP BY 1

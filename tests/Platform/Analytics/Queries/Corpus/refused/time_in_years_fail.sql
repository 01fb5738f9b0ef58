-- dataset: shop
-- code: invalid_period
SELECT date_trunc('year', time), count(*) FROM shop GROUP BY 1

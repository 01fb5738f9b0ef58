-- dataset: shop
-- code: invalid_query
SELECT date_trunc('day', time), date_trunc('week', time), count(*) FROM shop GROUP BY 1, 2

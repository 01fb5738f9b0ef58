-- dataset: shop
-- code: invalid_query
SELECT count(*) FROM shop GROUP BY 7

-- dataset: shop
-- code: invalid_query
SELECT count(*) FROM shop ORDER BY 2

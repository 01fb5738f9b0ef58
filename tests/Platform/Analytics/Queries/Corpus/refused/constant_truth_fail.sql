-- dataset: shop
-- code: invalid_query
SELECT true AS yes, count(*) FROM shop

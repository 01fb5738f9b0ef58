-- dataset: shop
-- code: unknown_function
SELECT string_agg(city, ',') FROM shop

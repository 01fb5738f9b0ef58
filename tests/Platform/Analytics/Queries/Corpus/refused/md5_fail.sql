-- dataset: shop
-- code: unknown_function
SELECT md5(city), count(*) FROM shop GROUP BY 1

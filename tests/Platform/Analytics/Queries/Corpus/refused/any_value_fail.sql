-- dataset: shop
-- code: unknown_function
SELECT any_value(city) FROM shop

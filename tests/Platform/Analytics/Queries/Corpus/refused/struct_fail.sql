-- dataset: shop
-- code: unknown_function
SELECT sum({'a': 1}) FROM shop

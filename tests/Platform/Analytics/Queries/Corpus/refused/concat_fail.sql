-- dataset: shop
-- code: unknown_function
SELECT city || 'x', count(*) FROM shop GROUP BY 1

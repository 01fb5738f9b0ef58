-- dataset: shop
-- code: unknown_function
SELECT evil.floor(amount / 0.5) * 0.5, count(*) FROM shop GROUP BY 1

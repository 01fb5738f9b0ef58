-- dataset: shop
-- code: window_function
SELECT count(*) FROM shop WINDOW w AS (PARTITION BY "user" ORDER BY nosuch)

-- dataset: shop
-- code: unsupported_sql
SELECT count(*) FROM (WITH x AS (SELECT city FROM nosuch), y AS (SELECT city FROM shop) SELECT city FROM y)

-- dataset: shop
-- code: unsupported_sql
WITH x AS (SELECT city FROM shop) SELECT count(*) FROM (WITH x AS (SELECT city FROM visits) SELECT city FROM x)

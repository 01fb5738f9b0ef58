-- dataset: shop
-- code: unsupported_sql
SELECT city COLLATE nocase, count(*) FROM shop GROUP BY 1

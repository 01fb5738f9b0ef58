-- dataset: shop
-- code: unsupported_sql
WITH x AS (SELECT secret FROM nosuch) SELECT count(*) FROM shop

-- dataset: shop
-- code: join_not_supported
SELECT count(*) FROM shop s, LATERAL (SELECT s.qty) x

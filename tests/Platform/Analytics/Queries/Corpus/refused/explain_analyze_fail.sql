-- dataset: shop
-- code: not_select
EXPLAIN ANALYZE SELECT count(*) FROM shop

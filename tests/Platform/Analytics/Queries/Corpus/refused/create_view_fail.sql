-- dataset: shop
-- code: not_select
CREATE VIEW v AS SELECT 1

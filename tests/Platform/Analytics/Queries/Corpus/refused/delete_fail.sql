-- dataset: shop
-- code: not_select
DELETE FROM shop

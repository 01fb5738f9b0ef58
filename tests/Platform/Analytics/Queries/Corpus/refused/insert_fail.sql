-- dataset: shop
-- code: not_select
INSERT INTO shop VALUES (1)

-- dataset: shop
-- code: unknown_dataset
SELECT count(*) FROM shopp

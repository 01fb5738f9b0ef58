-- dataset: shop
-- code: unknown_dataset
-- fragment: visitors
SELECT count(*) FROM shop a JOIN visitors b USING ("user")

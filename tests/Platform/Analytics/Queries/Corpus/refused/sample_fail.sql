-- dataset: shop
-- code: sample
SELECT count(*) FROM shop USING SAMPLE 10

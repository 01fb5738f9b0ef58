-- dataset: shop
-- code: sample
SELECT count(*) FROM shop TABLESAMPLE 10%

-- dataset: shop
-- code: null_constant
SELECT sum(CASE WHEN vip THEN NULL ELSE qty END) FROM shop

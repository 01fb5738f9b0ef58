-- dataset: shop
SELECT sum(CASE WHEN vip THEN amount ELSE 0 END) FROM shop

-- dataset: shop
SELECT quantile_cont(amount, 0.9) FROM shop

-- dataset: shop
SELECT quantile_cont(amount, [0.25, 0.75]) FROM shop

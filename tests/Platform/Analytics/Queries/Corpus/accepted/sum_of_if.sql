-- dataset: shop
SELECT sum(if(vip, qty, 0)) FROM shop

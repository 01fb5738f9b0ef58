-- dataset: shop
SELECT greatest(sum(amount), 0) FROM shop

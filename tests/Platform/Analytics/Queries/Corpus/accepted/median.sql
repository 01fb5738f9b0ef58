-- dataset: shop
SELECT median(amount) FROM shop

-- dataset: shop
SELECT sum(extract(hour FROM time)) FROM shop

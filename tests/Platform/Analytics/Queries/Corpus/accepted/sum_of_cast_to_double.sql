-- dataset: shop
SELECT sum(CAST(qty AS DOUBLE)) FROM shop

-- dataset: shop
SELECT sum(TRY_CAST(qty AS DOUBLE)) FROM shop

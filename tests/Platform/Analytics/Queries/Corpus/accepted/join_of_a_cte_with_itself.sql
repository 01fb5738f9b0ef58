-- dataset: shop
WITH c AS (SELECT "user", city FROM shop) SELECT count(*) FROM c x JOIN c y ON x."user" = y."user" WHERE x.city <> y.city

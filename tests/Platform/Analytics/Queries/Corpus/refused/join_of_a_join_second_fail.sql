-- dataset: shop
-- code: join_not_supported
SELECT count(*) FROM shop a JOIN (shop b JOIN visits c USING ("user")) ON a."user" = b."user"

//! What every table's row can do. A row is private to its room.

use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, EntityTrait, IntoActiveModel, Iterable, ModelTrait,
    PrimaryKeyToColumn, sea_query::OnConflict,
};
use zhibu_domain::vocabulary::Vocabulary;

use crate::{Connect, Result, StoreError, Tx};

/// Closes an entity's module: no relation is followed, no hook is used.
macro_rules! plain_entity {
    () => {
        #[derive(Copy, Clone, Debug, sea_orm::EnumIter, sea_orm::DeriveRelation)]
        pub enum Relation {}
        impl sea_orm::ActiveModelBehavior for ActiveModel {}
    };
}
pub(crate) use plain_entity;

/// Inserts a row.
pub(crate) async fn insert<M>(tx: &Tx, row: M) -> Result<()>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Send,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
{
    M::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Inserts many rows, a few hundred at a time.
pub(crate) async fn insert_all<M>(tx: &Tx, rows: Vec<M>) -> Result<()>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Send,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
{
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let batch: Vec<_> = rows.by_ref().take(500).map(IntoActiveModel::into_active_model).collect();
        M::Entity::insert_many(batch).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// Inserts a row, or replaces the one with the same primary key.
pub(crate) async fn upsert<M>(tx: &Tx, row: M) -> Result<()>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Send,
    <M::Entity as EntityTrait>::ActiveModel:
        ActiveModelTrait<Entity = M::Entity> + ActiveModelBehavior + Send,
    <M::Entity as EntityTrait>::PrimaryKey: PrimaryKeyToColumn<Column = <M::Entity as EntityTrait>::Column>,
{
    let keys = <M::Entity as EntityTrait>::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
    let columns = <M::Entity as EntityTrait>::Column::iter();
    M::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::columns(keys).update_columns(columns).to_owned())
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Replaces the rows with the same primary keys, a few hundred at a time.
pub(crate) async fn update_all<M>(tx: &Tx, rows: Vec<M>) -> Result<()>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Send,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
    <M::Entity as EntityTrait>::PrimaryKey: PrimaryKeyToColumn<Column = <M::Entity as EntityTrait>::Column>,
{
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let batch: Vec<_> = rows.by_ref().take(200).map(IntoActiveModel::into_active_model).collect();
        let keys = <M::Entity as EntityTrait>::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
        let columns = <M::Entity as EntityTrait>::Column::iter();
        M::Entity::insert_many(batch)
            .on_conflict(OnConflict::columns(keys).update_columns(columns).to_owned())
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// Replaces the row with the same primary key.
pub(crate) async fn update<M>(tx: &Tx, row: M) -> Result<()>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Send,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
{
    M::Entity::update(row.into_active_model().reset_all()).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Reads a stored word.
pub(crate) fn word<V: Vocabulary>(code: &str) -> Result<V> {
    V::from_code(code).ok_or(StoreError::Unreadable(V::NAME))
}

/// Reads a stored word that may lack.
pub(crate) fn word_opt<V: Vocabulary>(code: Option<&str>) -> Result<Option<V>> {
    code.map(word).transpose()
}

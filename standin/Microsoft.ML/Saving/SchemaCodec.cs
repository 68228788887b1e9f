using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Writes and reads column types and schemas with their annotations.</summary>
internal static class SchemaCodec
{
    private enum TypeKind : byte
    {
        Primitive,
        Key,
        Vector,
    }

    public static void Write(BinaryWriter writer, DataViewSchema schema)
    {
        var columns = schema.Where(c => !c.IsHidden).ToArray();
        writer.Write(columns.Length);
        foreach (var column in columns)
        {
            writer.Write(column.Name);
            WriteType(writer, column.Type);
            WriteAnnotations(writer, column.Annotations);
        }
    }

    public static DataViewSchema Read(BinaryReader reader)
    {
        var builder = new DataViewSchema.Builder();
        for (var left = reader.ReadInt32(); left > 0; left--)
            builder.AddColumn(reader.ReadString(), ReadType(reader), ReadAnnotations(reader));
        return builder.ToSchema();
    }

    public static void WriteType(BinaryWriter writer, DataViewType type)
    {
        switch (type)
        {
            case VectorDataViewType vector:
                writer.Write((byte)TypeKind.Vector);
                ValueCodec.WriteArray(writer, vector.Dimensions);
                WriteType(writer, vector.ItemType);
                break;
            case KeyDataViewType key:
                writer.Write((byte)TypeKind.Key);
                writer.Write(key.Count);
                WriteType(writer, PrimitiveTypes.FromRawType(key.RawType)!);
                break;
            case PrimitiveDataViewType primitive:
                writer.Write((byte)TypeKind.Primitive);
                writer.Write((byte)PrimitiveTypes.KindOf(primitive));
                break;
            default:
                throw new NotSupportedException($"Columns of type '{type}' cannot be saved");
        }
    }

    public static DataViewType ReadType(BinaryReader reader)
    {
        switch ((TypeKind)reader.ReadByte())
        {
            case TypeKind.Vector:
                var dimensions = ValueCodec.ReadArray<int>(reader);
                return new VectorDataViewType((PrimitiveDataViewType)ReadType(reader), dimensions);
            case TypeKind.Key:
                var count = reader.ReadUInt64();
                return new KeyDataViewType(ReadType(reader).RawType, count);
            default:
                return PrimitiveTypes.FromKind((DataKind)reader.ReadByte());
        }
    }

    public static void WriteAnnotations(BinaryWriter writer, DataViewSchema.Annotations annotations)
    {
        writer.Write(annotations.Schema.Count);
        foreach (var column in annotations.Schema)
        {
            writer.Write(column.Name);
            WriteType(writer, column.Type);
            Generic.Call<object>(
                typeof(SchemaCodec), nameof(WriteValue), column.Type.RawType, writer, annotations, column);
        }
    }

    public static DataViewSchema.Annotations ReadAnnotations(BinaryReader reader)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var name = reader.ReadString();
            var type = ReadType(reader);
            var getter = Generic.Call<Delegate>(typeof(SchemaCodec), nameof(ReadValue), type.RawType, reader);
            builder.Add(name, type, getter);
        }
        return builder.ToAnnotations();
    }

    private static object? WriteValue<T>(
        BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column)
    {
        T value = default!;
        annotations.GetGetter<T>(column)(ref value);
        ValueCodec.Of<T>().Write(writer, value);
        return null;
    }

    private static Delegate ReadValue<T>(BinaryReader reader)
    {
        var value = ValueCodec.Of<T>().Read(reader);
        return new ValueGetter<T>((ref T destination) => ValueCopier.Copy(value, ref destination));
    }
}
